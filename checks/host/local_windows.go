package host

func local() Machine {
	return Machine{
		Registry: hives{}, Services: scm{}, Ping: pinger{}, Proxies: systemProxies{}, Scripts: engine{}, Logins: sspi{}, Domain: windowsDomain{hives{}},
		Events: eventLog{},
	}
}

func controller() Controller { return scm{} }
