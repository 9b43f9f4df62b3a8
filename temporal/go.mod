module github.com/ovhrenew/ovhrenew/temporal

go 1.26.0

replace github.com/ovhrenew/ovhrenew => ../

require (
	go.temporal.io/sdk v1.50.0
	go.temporal.io/api v1.63.4
)
