package ovhrenew

import "errors"

// errReadOnly stands for an error that the system does not tell from others.
var errReadOnly = errors.ErrUnsupported
