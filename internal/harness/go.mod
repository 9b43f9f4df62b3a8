module github.com/ovhrenew/ovhrenew/internal/harness

go 1.26.0

replace github.com/ovhrenew/ovhrenew => ../../

require github.com/ovhrenew/ovhrenew v0.0.0

require (
	github.com/google/go-cmp v0.7.0 // indirect
	github.com/ovh/go-ovh v1.9.0 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/oauth2 v0.37.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	golang.org/x/time v0.16.0 // indirect
	gopkg.in/ini.v1 v1.67.0 // indirect
)
