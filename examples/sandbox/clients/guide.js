// OVHcloud's guide, with one of OVHcloud's clients for Node, against the sandbox:
// node guide.js ovh, or node guide.js @ovhcloud/node-ovh.
"use strict";

const endpoint = new URL(process.env.OVH_ENDPOINT);
if (endpoint.hostname !== "127.0.0.1") {
  throw new Error(`${endpoint} is not the sandbox`);
}
const client = require(process.argv[2])({
  host: endpoint.hostname,
  port: endpoint.port,
  basePath: endpoint.pathname,
  appKey: process.env.OVH_APPLICATION_KEY,
  appSecret: process.env.OVH_APPLICATION_SECRET,
  consumerKey: process.env.OVH_CONSUMER_KEY,
});

async function main() {
  const infos = await client.requestPromised("GET", "/vps/vps112233.ovh.net/serviceInfos");
  const service = infos.serviceId;
  const offers = await client.requestPromised("GET", `/service/${service}/renew`, { includeOptions: false });
  const offered = offers.some(
    (o) => o.renewPeriod === "P3M" && o.strategies.some((s) => s.services.length === 1 && s.services[0] === service),
  );
  if (!offered) {
    throw new Error(`three months are not offered: ${JSON.stringify(offers)}`);
  }
  const order = await client.requestPromised("POST", `/service/${service}/renew`, {
    dryRun: false,
    duration: "P3M",
    services: [service],
  });
  console.log("order", order.orderId, order.priceWithTax.text);
  const answer = await client.requestPromised("POST", `/me/order/${order.orderId}/payWithRegisteredPaymentMean`, {
    paymentMean: "paypal",
    paymentMeanId: 1234,
  });
  if (answer !== null) {
    throw new Error(`the payment answered ${JSON.stringify(answer)}`);
  }
  console.log("status", await client.requestPromised("GET", `/me/order/${order.orderId}/status`));
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
