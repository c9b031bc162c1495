package proxy

import "linecheck/checks/host"

// bare makes a Windows machine on which everything is asked for and nothing is set.
func bare(registry map[string]map[string]host.Value) {
	for _, key := range []string{
		userKey, userKey + `\Connections`, machineKey + `\Connections`, switchKey, policyKey, userPolicyKey, userEnviron,
		`HKLM\SOFTWARE\Policies\Microsoft\Edge`, `HKCU\Software\Policies\Microsoft\Edge`,
		`HKLM\SOFTWARE\Policies\Google\Chrome`, `HKCU\Software\Policies\Google\Chrome`,
	} {
		if _, ok := registry[key]; !ok {
			registry[key] = nil
		}
	}
}
