// Package access says which rights a program needs, and which its credential has.
// [Rules] returns the least that an application key must be granted, [Actions] the same
// for an OAuth2 client:
//
//	rules, err := access.Rules(access.Pay)
//
// [Diagnose] finds out why renewing may not work, before it is tried: the clock, the
// credential, the region, the ways to pay.
package access
