"""OVHcloud's guide, with OVHcloud's Python client, against the sandbox."""

import os

import ovh
import ovh.client

endpoint = os.environ["OVH_ENDPOINT"]
if not endpoint.split("://")[-1].startswith("127.0.0.1:"):
    raise SystemExit(endpoint + " is not the sandbox")
ovh.client.ENDPOINTS[endpoint] = endpoint  # the client knows its endpoints by name
client = ovh.Client()

service = client.get("/vps/vps112233.ovh.net/serviceInfos")["serviceId"]
offers = client.get("/service/%d/renew" % service, includeOptions=False)
if not any(o["renewPeriod"] == "P3M" and [service] in [s["services"] for s in o["strategies"]] for o in offers):
    raise SystemExit("three months are not offered: %r" % offers)
order = client.post("/service/%d/renew" % service, dryRun=False, duration="P3M", services=[service])
print("order", order["orderId"], order["priceWithTax"]["text"])
answer = client.post(
    "/me/order/%d/payWithRegisteredPaymentMean" % order["orderId"], paymentMean="paypal", paymentMeanId=1234
)
if answer is not None:
    raise SystemExit("the payment answered %r" % answer)
print("status", client.get("/me/order/%d/status" % order["orderId"]))
