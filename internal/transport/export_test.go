package transport

// Drift is for the tests.
var Drift = drift
