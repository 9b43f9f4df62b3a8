// Package billing reads what an accountant asks of an account: its bills, and whose it is.
// [Bills] streams the bills of an order or of a time:
//
//	for bill, err := range billing.Bills(ctx, client, billing.Query{Order: receipt.Order}) {
//
// The client is that of [ovhrenew.New]. Nothing here can write or spend. One bill whose
// number is known is read by client.Read(ctx, "/me/bill/FR1", &bill), what an order became
// by /me/order/{orderId}/associatedObject, prepaid money by /me/ovhAccount, and points by
// /me/fidelityAccount.
package billing
