package lab

import (
	"bytes"
	"encoding/asn1"
	"encoding/binary"
	"io"
	"testing"
	"time"
)

// The names in a netlogon answer are read by the check itself, which plays every scene; here only what frames them.
func TestControllerSaysWhoItIs(t *testing.T) {
	const corp = "machine: {join: domain, domain: corp.example}\nnetwork: {controllers: [{name: dc1.corp.example, domain: %s}]}"
	query := der(0x30, der(0x02, number(7)), der(0x63, der(0x04, []byte("DnsDomain")), der(0x04, []byte("CORP.example"))))
	for serves, entry := range map[string]bool{"corp.example": true, "other.example": false} {
		l := begin(t, string(bytes.Replace([]byte(corp), []byte("%s"), []byte(serves), 1)))
		to := address(t, l, "ip4", "dc1.corp.example", 389)
		c, err := l.Machine().Network.Dial(long(t), "udp", to)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(10 * time.Second))
		_, _ = c.Write([]byte("garbage")) // is left unanswered
		_, _ = c.Write(query)
		b := make([]byte, 4096)
		n, err := c.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		var message asn1.RawValue
		var id int
		if _, err := asn1.Unmarshal(b[:n], &message); err != nil {
			t.Fatal(err)
		}
		if _, err := asn1.Unmarshal(message.Bytes, &id); err != nil || id != 7 {
			t.Errorf("id %d, %v", id, err)
		}
		if got := bytes.Contains(b[:n], []byte("netlogon")); got != entry {
			t.Errorf("a controller of %s says who it is: %t", serves, got)
		}
		root := connect(t, l, "ip4", "dc1.corp.example", 389)
		_, _ = root.Write(query)
		n, err = root.Read(b)
		if err != nil || !bytes.Contains(b[:n], []byte("DC="+string(bytes.ReplaceAll([]byte(serves), []byte("."), []byte(",DC="))))) {
			t.Errorf("the directory of %s says %q, %v", serves, b[:n], err)
		}
		k := connect(t, l, "ip4", "dc1.corp.example", 88)
		_, _ = k.Write(append(binary.BigEndian.AppendUint32(nil, 3), "abc"...))
		var size [4]byte
		if _, err := io.ReadFull(k, size[:]); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, binary.BigEndian.Uint32(size[:]))
		if _, err := io.ReadFull(k, answer); err != nil || answer[0] != 0x7e || !bytes.Contains(answer, bytes.ToUpper([]byte(serves))) {
			t.Errorf("Kerberos: % x, %v", answer, err)
		}
	}
}

func TestNumbersAndLengthsOfASN1(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 1 << 30} {
		var got int
		if rest, err := asn1.Unmarshal(der(0x02, number(n)), &got); err != nil || got != n || len(rest) > 0 {
			t.Errorf("%d comes back as %d, %v", n, got, err)
		}
		if n > 65535 {
			continue
		}
		var raw asn1.RawValue
		if _, err := asn1.Unmarshal(der(0x04, make([]byte, n)), &raw); err != nil || len(raw.Bytes) != n {
			t.Errorf("%d bytes come back as %d, %v", n, len(raw.Bytes), err)
		}
	}
}
