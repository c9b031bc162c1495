// Package all is the content of the program: one blank import for each check.
package all

import (
	_ "linecheck/checks/allowlist"
	_ "linecheck/checks/cache"
	_ "linecheck/checks/clock"
	_ "linecheck/checks/domain"
	_ "linecheck/checks/logs"
	_ "linecheck/checks/product"
	_ "linecheck/checks/proxy"
)
