package wizard

import (
	"strings"

	"linecheck/checks/host"
)

var (
	email   = shaped(`[\pL\pN_%+](?:[\pL\pN._%+$'-]*[\pL\pN._%+$-])?@[\pL\pN-]+(?:\.[\pL\pN-]+)*\.\pL{2,}`)
	userSID = shaped(`(?i)\bS-1-(?:5-21|5-80|5-82|12-1)-[0-9-]*[0-9]`)
	person  = shaped(`(?i)\bCN=(?:[^,"\\]|\\.)+(?:,\s*(?:OU|CN|O|L|ST|C|DC)=(?:[^,"'\\\r\n;]|\\.)+?)*,\s*DC=[\pL\pN-]+(?:,\s*DC=[\pL\pN-]+)*`)

	// homes are where the folders of people lie, on this computer and on servers.
	homes = shaped(`(?i)[\\/]{1,2}(?:users|benutzer|documents and settings|dokumente und einstellungen|home|homes|home\$|users\$|userdata|userhome|profiles?\$?|redirected ?folders|fslogix)[\\/]{1,2}([^\\/:*?"<>|\r\n\t;,]+)`)
	// signs are other ways to write who somebody is. What the group of a kind's name holds is replaced.
	signs = []sign{
		{`\`, shaped(`(?:^|[^\pL\pN_\\/:.%$-])(?P<domain>[\pL\pN][\pL\pN_-]{0,14})\\{1,2}(?P<user>[\pL\pN](?:(?:[\pL\pN._$-]|'[\pL\pN])*[\pL\pN$])?)(?:$|[^\pL\pN_\\.$-]|\.(?:$|\s))`)},
		{`user`, shaped(`(?i)\b(?:[a-z]+_)*(?:user[_ -]?name|user[_ -]?id|[a-z]*user)\\?["']?\s*(?:=|:)\s*\\?["']?(?P<user>[\pL\pN][\pL\pN._@$-]*)(?:$|[^\pL\pN._@$\\:-])`)},
		{`account`, shaped(`(?i)\b(?:sam[_ ]?)?account[_ -]?name\\?["']?\s*(?:=|:)\s*\\?["']?(?P<user>[\pL\pN][\pL\pN._@$-]*)`)},
		{`log`, shaped(`(?i)\b(?:logname|login|logon)\\?["']?=\s*\\?["']?(?P<user>[\pL\pN][\pL\pN._@$-]*)`)},
		{`benutzer`, shaped(`(?i)\bbenutzer(?:name)?\\?["']?\s*(?:=|:)\s*\\?["']?(?P<user>[\pL\pN][\pL\pN._@$-]*)`)},
		{`name`, shaped(`(?i)\b(?:computer[_ -]?name|workstation(?: name)?|host[_ -]?name|client[_ -]?name|machine[_ -]?name)\\?["']?\s*(?:=|:)\s*\\?["']?(?P<host>[\pL\pN][\pL\pN._$-]*)`)},
		{`logonserver`, shaped(`(?i)\blogonserver\\?["']?\s*[=:]\s*\\?["']?\\*(?P<host>[\pL\pN][\pL\pN._$-]*)`)},
		{`domain`, shaped(`(?i)\b(?:user(?:dns)?domain|(?:account|subject|target|logon) domain)\\?["']?\s*(?:=|:)\s*\\?["']?(?P<domain>[\pL\pN][\pL\pN._-]*)`)},
		{`suffix`, shaped(`(?i)\bdns[_ -]?suffix\\?["']?\s*(?:=|:)\s*\\?["']?(?P<domain>[\pL\pN][\pL\pN._-]*)`)},
	}
)

// sign is one way in which people and computers are named.
type sign struct {
	hint string // in small letters, in every text that it fits
	re   shape
}

// commonAccounts are no secret and stand in too many sentences to be replaced.
var commonAccounts = shaped(`(?i)^(?:root|admin|administrators?|system|local ?system|network ?service|local ?service|localhost|workgroup|guest|public|default|default user|all users|nobody|` +
	`nt|authority|nt authority|nt service|builtin|you|your|users?|name|none|unknown|everyone|anonymous(?: logon)?|proxy|server|service|services|domain|client|home|host|computer|any|all|not|no|yes|the|this|that|it|is|was|and|or|to|of|in|with|for|shared|data|apps?|local|global|self|` +
	`nil|null|true|false|known|healthy|gateway|wpad|product|profiles?|login|account|password|user-?name|http|https|direct|-+)$`)

// ordinary words may name somebody, and are no reason to replace them everywhere.
var ordinary = shaped(`(?i)^(?:example|test|demo|lab|corporate|office|internal|external|practice|helpdesk|support|info|main|backup|version|windows|linux|unknown user)$`)

// notDomains stand before a backslash and are none.
var notDomains = shaped(`(?i)^(?:hk[a-z]{1,3}|hkey_\w+|software|system|system32|windows|microsoft|program|files|programdata|appdata|users|authority|nt|builtin|service|currentversion|services|policies|wow6432node|tcpip|parameters|local|roaming|temp|drivers|etc|f-secure|trend|micro|withsecure|internet|settings|connections|winhttp|setup|device|global|pipe|n|r|t|u)$`)

// identity makes whoever runs this known.
func (d *redactor) identity(who host.Identity) {
	name := strings.TrimSuffix(who.Host, ".")
	d.know("host", name)
	if short, suffix, ok := strings.Cut(name, "."); ok && strings.ContainsFunc(short, letter) {
		d.know("host", short)
		d.know("domain", suffix)
	}
	if short, _, _ := strings.Cut(name, "."); len(short) > 15 {
		d.know("host", short[:15]) // NetBIOS keeps no more
	}
	domain, user, ok := strings.Cut(who.User, `\`)
	if !ok {
		domain, user = "", who.User
	}
	if local, at, ok := strings.Cut(user, "@"); ok {
		user, domain = local, at
	}
	d.know("user", user)
	d.parts(user)
	if !strings.EqualFold(domain, name) {
		d.know("domain", domain)
	}
}

func letter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// mostKnown bounds the names that are looked for in every sentence.
const mostKnown = 600

// know makes a name known, so that it is replaced wherever it stands.
func (d *redactor) know(kind, value string) {
	value = strings.Trim(strings.TrimSpace(value), ".")
	low := strings.ToLower(value)
	if len(value) < 2 || commonAccounts().MatchString(value) || vocabulary()[low] || strings.ContainsAny(value, "<>*") || len(d.known) >= mostKnown || d.isPublic(low) {
		return
	}
	if _, ok := d.known[low]; !ok {
		d.known[low], d.find = kind, nil
		for _, form := range formsOf(kind, low) {
			if d.known[form] == "" {
				d.known[form], d.forms[form] = kind, low
			}
		}
	}
}

func (d *redactor) wanted(kind string) bool {
	return d.computer || kind != "host" && kind != "domain"
}

// people replaces whoever can be told by the way a text is written.
func (d *redactor) people(s string) string {
	low := strings.ToLower(s)
	if strings.Contains(s, "@") {
		s = email().ReplaceAllStringFunc(s, func(m string) string { return d.standIn("email", m) })
	}
	if strings.Contains(low, "dc=") {
		s = person().ReplaceAllStringFunc(s, func(m string) string { return d.standIn("person", m) })
	}
	if strings.Contains(low, "s-1-") {
		s = userSID().ReplaceAllStringFunc(s, func(m string) string { return d.standIn("sid", m) })
	}
	return d.signed(s, d.standIn)
}

// learn makes known whom a text names, so that the name alone is replaced too, there and elsewhere.
func (d *redactor) learn(s string) {
	s = d.partedIn(s)
	d.signed(s, func(kind, value string) string {
		if len(value) >= 3 && !ordinary().MatchString(value) {
			d.know(kind, value)
		}
		return value
	})
	if d.level == RedactStrict {
		d.learnHosts(s)
	}
}

// signed replaces who is named in a text by what to says.
func (d *redactor) signed(s string, to func(kind, value string) string) string {
	put := func(kind, value string) string {
		if commonAccounts().MatchString(value) || !d.wanted(kind) || d.isPublic(strings.ToLower(value)) {
			return value
		}
		return to(kind, value)
	}
	if strings.ContainsAny(s, `\/`) {
		s = homesIn(s, func(name string) string { return put("user", name) })
	}
	low := strings.ToLower(s)
	for _, g := range signs {
		if !strings.Contains(low, g.hint) {
			continue
		}
		var b strings.Builder
		at := 0
		for _, m := range g.re().FindAllStringSubmatchIndex(s, -1) {
			if g.hint == `\` && !d.downLevel(s, m[2], m[3]) {
				continue
			}
			for i, kind := range g.re().SubexpNames() {
				if kind == "" || m[2*i] < at {
					continue
				}
				value := s[m[2*i]:m[2*i+1]]
				bare := strings.TrimRight(value, ".-$")
				b.WriteString(s[at:m[2*i]] + put(kind, bare) + value[len(bare):])
				at = m[2*i+1]
			}
		}
		s = b.String() + s[at:]
	}
	return s
}

// whom stands before somebody's name.
var whom = shaped(`(?i)\b(?:user|account|konto|login|logon|identity|owner|benutzer|runs? as|run_as|as|by|for)\s?[:=]?\s?["'(]?$`)

// lookBack is how far before a name it is told what it is: the longest path of Windows.
const lookBack = 260

// downLevel reports whether what stands at s[i:j], before a backslash, is the domain of somebody's name: a path has such
// words too.
func (d *redactor) downLevel(s string, i, j int) bool {
	name, before := s[i:j], s[max(0, i-lookBack):i]
	if notDomains().MatchString(name) {
		return false
	}
	if slash := strings.LastIndexByte(before, '\\'); slash >= 0 && !strings.ContainsAny(before[slash:], `"',;:=()[]{}<>|`) && strings.Count(before[slash:], " ") < 3 {
		return false // C:\Program Files\...: the path goes on
	}
	return name == strings.ToUpper(name) && strings.ContainsFunc(name, letter) || d.known[strings.ToLower(name)] != "" || whom().MatchString(before)
}

// homesIn replaces the names of people in paths. The path of a web address is none.
func homesIn(s string, to func(string) string) string {
	var b strings.Builder
	at := 0
	for _, m := range homes().FindAllStringSubmatchIndex(s, -1) {
		if m[2] < at {
			continue
		}
		back := s[max(0, m[0]-lookBack):m[0]]
		before := back[strings.LastIndexAny(back, " \t\r\n\"'(<>|;,")+1:]
		if strings.Contains(before, "://") && !strings.HasPrefix(strings.ToLower(before), "file:") {
			continue
		}
		name := s[m[2]:m[3]]
		if quoted := m[0] >= 3 && m[3] < len(s) && s[m[3]] == '"' && strings.LastIndexByte(s[:m[0]], '"') > m[0]-4; !quoted && (len(s) == m[3] || s[m[3]] != '\\' && s[m[3]] != '/') {
			name, _, _ = strings.Cut(name, " ") // whatever follows is no part of the path
		}
		name = strings.TrimRight(name, " .)]}'")
		if name == "" || strings.ContainsAny(name, "%*") {
			continue
		}
		b.WriteString(s[at:m[2]] + to(name))
		at = m[2] + len(name)
	}
	b.WriteString(s[at:])
	return b.String()
}
