package safety_test

import "time"

const days = 24 * time.Hour
