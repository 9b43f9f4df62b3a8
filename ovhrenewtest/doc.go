// Package ovhrenewtest is a simulated OVHcloud API for testing programs that renew
// services. It serves the routes that a renewal needs over real HTTP, under /1.0
// and under /v1, checks keys and signatures as the real one does, keeps the state
// of an account, and lets a test look at what happened to it: requests, orders,
// payments, money spent, expiries.
//
// A test starts a server, fills its account, and points any OVHcloud client at it:
//
//	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
//	ovhrenewtest.Guide(server)
//	api := server.Client() // a *ovh.Client of github.com/ovh/go-ovh
//
// Not everything that OVHcloud's API does is known. [Behaviour] has a field for each
// such question, so that a program can be tested under every possible answer.
// What goes wrong between a client and the API is a [Fault]: injected at a chosen
// request, before its effect or after it, or made up from a seed by [Server.Chaos].
//
// Time is the clock of the machine unless [Server.SetNow] gives another. A server
// on an in-memory pipe ([StartPipe]) works inside testing/synctest.
package ovhrenewtest
