package host

// Logins are what the system can log in to a proxy with, for the account that runs linecheck and without its password
// (SSPI on Windows). No password and no token of it is ever shown.
type Logins interface {
	// Begin starts a login of a scheme, "ntlm" or "negotiate", at a proxy's host name. ErrUnsupported: this system has none.
	Begin(scheme, proxy string) (Login, error)
}

// Login is one login under way.
type Login interface {
	// Next takes the proxy's last token, nil at the beginning, and returns the one to send; nothing where the login ends
	// without one. It lasts 10 s at most. After an error, or after the last step, there is no other.
	Next(token []byte) ([]byte, error)
	// Close lets the system forget it.
	Close()
}
