package host

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
)

// Who says who runs this process and from where. A terminal over the network is told by SSH_CONNECTION, SSH_CLIENT or
// SSH_TTY, one in a remote desktop by SESSIONNAME=RDP-Tcp#n (also ICA for Citrix).
func Who() Identity {
	id := Identity{Elevated: elevated(), Session: session(os.Getenv)}
	if id.User = account(); id.User == "" {
		id.User = userName(os.Getenv)
	}
	id.Host, _ = os.Hostname()
	id.Machine = fingerprint(machineSecret(), id.Host)
	return id
}

// fingerprint makes of the system's own random id, which is not to leave the computer, one that may: machine-id(5) asks
// for a keyed hash. The name goes in too, because copies of one virtual machine often share the id.
func fingerprint(secret, name string) string {
	if len(secret) < 16 { // too short to be random, "uninitialized" among them
		return ""
	}
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte("linecheck report\n" + strings.ToLower(name)))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

func session(env func(string) string) string {
	for _, name := range [...]string{"SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"} {
		if env(name) != "" {
			return "ssh"
		}
	}
	name := strings.ToUpper(env("SESSIONNAME"))
	if strings.HasPrefix(name, "RDP-") || strings.HasPrefix(name, "ICA-") {
		return "rdp"
	}
	return ""
}

// userName is the second choice, where the system cannot tell: a container's user without a name.
func userName(env func(string) string) string {
	name := env("USERNAME")
	if name == "" {
		return env("USER")
	}
	if domain := env("USERDOMAIN"); domain != "" {
		return domain + `\` + name
	}
	return name
}
