package host

func local() Machine {
	return Machine{Registry: noRegistry{}, Services: systemd{}, Ping: pinger{}, Proxies: desktop{}, Scripts: engine{}, Logins: noLogins{}, Domain: linuxDomain{}, Events: noEvents{}}
}

func controller() Controller { return systemd{} }
