package host

func local() Machine {
	return Machine{Registry: noRegistry{}, Services: systemd{}, Ping: pinger{}, Proxies: gnome{}, Scripts: noScripts{}, Logins: noLogins{}, Domain: linuxDomain{}}
}

func controller() Controller { return systemd{} }
