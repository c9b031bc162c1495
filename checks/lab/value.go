package lab

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

func text(s string) host.Value { return host.Value{Kind: "REG_SZ", Text: s} }

// registryValue is a value as the registry would hold it.
func registryValue(v any) (host.Value, error) {
	switch v := v.(type) {
	case string:
		return text(v), nil
	case int:
		if v >= 0 && v <= 1<<32-1 {
			return host.Value{Kind: "REG_DWORD", Number: uint64(v)}, nil
		}
	case map[string]any:
		var b Binary
		text, err := json.Marshal(v) // which YAML can read, and which the program has anyhow
		if err != nil {
			return host.Value{}, err
		}
		d := yaml.NewDecoder(bytes.NewReader(text))
		d.KnownFields(true)
		if err := d.Decode(&b); err != nil {
			return host.Value{}, err
		}
		raw, err := b.bytes()
		return host.Value{Kind: "REG_BINARY", Bytes: raw}, err
	}
	return host.Value{}, errors.New("only text, numbers of 32 bits and binary values")
}

func (b Binary) bytes() ([]byte, error) {
	switch {
	case b.Connections != nil && b.WinHTTP == nil && b.Hex == "":
		return b.Connections.connections(), nil
	case b.WinHTTP != nil && b.Connections == nil && b.Hex == "":
		return b.WinHTTP.winHTTP(), nil
	case b.Connections != nil || b.WinHTTP != nil:
		return nil, errors.New("one of hex, connections and winhttp")
	}
	return hex.DecodeString(strings.Join(strings.Fields(b.Hex), ""))
}

// The flags of INTERNET_PER_CONN_FLAGS (wininet.h).
const (
	flagDirect = 1
	flagManual = 2
	flagPAC    = 4
)

func (b Blob) flags() uint32 {
	f := uint32(flagDirect)
	if b.Proxy != "" {
		f |= flagManual
	}
	if b.PAC != "" {
		f |= flagPAC
	}
	if b.Flags != nil {
		f = *b.Flags
	}
	return f
}

// connections is the form of DefaultConnectionSettings.
func (b Blob) connections() []byte {
	return append(hosttest.Blob(0x46, 7, b.flags(), b.Proxy, b.Bypass, b.PAC), make([]byte, 32)...)
}

// winHTTP is the form of WinHttpSettings.
func (b Blob) winHTTP() []byte { return hosttest.Blob(0x18, 0, b.flags(), b.Proxy, b.Bypass) }
