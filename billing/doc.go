// Package billing reads the bills of an account, and whose account it is. [Bills] streams
// the bills of an order or of a time:
//
//	bills := billing.Bills(ctx, client, billing.Query{Order: receipt.Order})
//
// The client is that of [ovhrenew.New]. Nothing here can write or spend. A single bill is
// read by client.Read(ctx, "/me/bill/FR1", &bill), what an order became by
// /me/order/{orderId}/associatedObject, prepaid money by /me/ovhAccount, and points by
// /me/fidelityAccount.
package billing
