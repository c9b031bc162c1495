package probe

import (
	"context"
	"net/http"

	"linecheck/assets"
	"linecheck/checks"
)

// PortalState is what stands behind the question for a login page.
type PortalState string

// The states.
const (
	PortalExpected PortalState = "expected" // its owner answered: the network is open
	PortalLogin    PortalState = "login"    // 511, a redirect to somebody else, or a page of somebody else
	PortalFiltered PortalState = "filtered" // somebody on the way refused or failed it; that is no login page
	PortalSilent   PortalState = "silent"   // no answer, which proves nothing: many networks let nothing out without their proxy
)

// Portals are the addresses to ask, those of the given system first. There is no other use for them.
func Portals(os string) []assets.Portal {
	var own, others []assets.Portal
	for _, p := range boxes().Portals {
		if p.OS == os {
			own = append(own, p)
		} else {
			others = append(others, p)
		}
	}
	return append(own, others...)
}

// Portal asks one of them, directly and without encryption, follows nothing, and says what answered. Of r it uses the
// network, the names, the turns, the family and OnStage. The answer is that of the walk: location, status, server and
// middlebox stand in its Args.
func Portal(ctx context.Context, r Request, p assets.Portal) (PortalState, Answer) {
	return portal(ctx, r, p, usual)
}

func portal(ctx context.Context, r Request, p assets.Portal, lim limits) (PortalState, Answer) {
	a := walk(ctx, Request{Network: r.Network, Names: r.Names, Turns: r.Turns, Family: r.Family, OnStage: r.OnStage, Endpoint: p.Endpoint()}, lim)
	return portalState(a), a
}

func portalState(a Answer) PortalState {
	switch {
	case a.Failure == checks.NoFailure:
		return PortalExpected
	case a.Status == 0:
		return PortalSilent
	case a.Failure == checks.CaptivePortal || a.Status == http.StatusNetworkAuthenticationRequired:
		return PortalLogin
	case a.Failure == checks.WrongContent && a.Status < 300:
		return PortalLogin
	}
	return PortalFiltered
}
