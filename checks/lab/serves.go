package lab

import (
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Serves describes what listens where, for people who point programs of their own at the practice network: the DNS
// server, each name and port with the loopback address behind it, the folder with the practice machine's files, and a
// file with the authority that signed its certificates. Lines are sorted; the paths are gone once the lab closes.
func (l *Lab) Serves() ([]string, error) {
	var lines []string
	for name, pl := range l.world.places {
		for no, pt := range pl.ports {
			where := "nobody answers"
			if pt.listener != nil {
				where = pt.listener.String()
			}
			lines = append(lines, fmt.Sprintf("%s:%d at %s", name, no, where))
		}
	}
	slices.Sort(lines)
	ca := filepath.Join(l.dir, "authority.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: l.certs.root.cert.Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		return nil, err
	}
	n := l.stub()
	return append([]string{
		"DNS at " + n.udp.PacketConn.LocalAddr().String() + " (UDP) and " + n.tcp.Listener.Addr().String() + " (TCP)",
		"files of the practice machine in " + l.dir, "authority of the certificates in " + ca}, lines...), nil
}
