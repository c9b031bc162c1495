package assets

import (
	"net"
	"strconv"
	"strings"
)

// URL is the endpoint as a person would paste it into a browser; tcp://host:port where there is no request.
func (e Endpoint) URL() string {
	scheme, port := strings.ToLower(e.Scheme), e.Port
	if scheme == "" {
		scheme = "https"
	}
	standard := map[string]int{"https": 443, "http": 80}[scheme]
	if port == 0 {
		port = standard
	}
	authority := net.JoinHostPort(e.Host, strconv.Itoa(port))
	if scheme == "tcp" {
		return "tcp://" + authority
	}
	if port == standard {
		authority = e.Host
		if strings.Contains(authority, ":") {
			authority = "[" + authority + "]"
		}
	}
	path := e.Path
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return scheme + "://" + authority + path
}
