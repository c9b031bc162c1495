package host

func local() Machine {
	return Machine{Registry: none{}, Services: systemd{}, Ping: pinger{}, Proxies: gnome{}, Domain: linuxDomain{}}
}

func controller() Controller { return systemd{} }
