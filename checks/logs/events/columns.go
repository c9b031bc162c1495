package events

import (
	"strconv"
	"strings"

	"linecheck/checks/host"
)

// field is what a column holds.
type field int

const (
	unknown field = iota
	level
	date
	source
	number
	title // the event's name, in the manager's exports
	message
	computer
	channel
	record
	tags // only the manager's exports have these
)

// names are the columns' names, in small letters. English and German were seen in exports, the others are the words of
// Event Viewer in those languages.
var names = map[string]field{
	"level": level, "leveldisplayname": level, "entrytype": level, "severity": level,
	"ebene": level, "niveau": level, "nivel": level, "livello": level, "nível": level, "poziom": level, "уровень": level, "レベル": level, "级别": level,
	"date and time": date, "timecreated": date, "timegenerated": date, "timewritten": date, "time": date, "date": date, "date/time": date,
	"datum und uhrzeit": date, "date et heure": date, "fecha y hora": date, "data e ora": date, "data e hora": date, "datum en tijd": date,
	"data i godzina": date, "дата и время": date, "日付と時刻": date, "日期和时间": date, "datum och tid": date, "datum": date,
	"source": source, "providername": source, "provider": source, "sourcename": source,
	"quelle": source, "origen": source, "origine": source, "origem": source, "bron": source, "źródło": source, "источник": source,
	"ソース": source, "来源": source, "källa": source,
	"event id": number, "eventid": number, "id": number, "instanceid": number, "ereignis-id": number, "id de l'événement": number,
	"id. del evento": number, "id del evento": number, "id evento": number, "id do evento": number, "identificação do evento": number,
	"gebeurtenis-id": number, "identyfikator zdarzenia": number, "код события": number, "イベント id": number, "事件 id": number,
	"händelse-id": number,
	"event":       title,
	"message":     message, "description": message, "beschreibung": message, "general": message,
	"computer": computer, "machinename": computer, "computername": computer, "target": computer, "host": computer,
	"log": channel, "logname": channel, "log name": channel, "channel": channel,
	"recordid": record, "index": record, "event record id": record,
	"tag(s)": tags, "action by": tags, "action performed by": tags, "event origin": tags,
}

// words are the levels as Event Viewer and the manager write them, in small letters.
var words = map[string]string{
	"critical": "critical", "kritisch": "critical", "critique": "critical", "crítico": "critical", "critico": "critical", "kritiek": "critical",
	"error": "error", "fehler": "error", "erreur": "error", "errore": "error", "fout": "error", "erro": "error", "błąd": "error", "ошибка": "error",
	"エラー": "error", "错误": "error", "fel": "error",
	"warning": "warning", "warnung": "warning", "avertissement": "warning", "advertencia": "warning", "avviso": "warning", "aviso": "warning",
	"waarschuwing": "warning", "ostrzeżenie": "warning", "предупреждение": "warning", "警告": "warning", "varning": "warning",
	"information": "information", "info": "information", "informationen": "information", "informations": "information", "información": "information",
	"informazioni": "information", "informações": "information", "informatie": "information", "informacje": "information", "сведения": "information",
	"情報": "information", "信息": "information",
	"verbose": "verbose", "ausführlich": "verbose", "commentaires": "verbose", "detallado": "verbose",
}

// table is how the rows of one export are laid out.
type table struct {
	delimiter rune
	columns   []field
	manager   bool
}

var delimiters = []rune{',', ';', '\t'}

// tableOf reads a line of names. At least a time and a number must be among them.
func tableOf(text string) table {
	var best table
	for _, d := range delimiters {
		t := table{delimiter: d}
		var has [tags + 1]int
		for _, cell := range split(text, d) {
			f := names[tidy(cell)]
			if has[f] > 0 && f != tags {
				f = unknown
			}
			has[f]++
			t.columns = append(t.columns, f)
		}
		if has[date] == 0 || has[number] == 0 {
			continue
		}
		t.manager = has[title] > 0 && has[source] == 0
		// Event Viewer names five columns and writes six: the last, without a name, is the message.
		if has[message] == 0 {
			t.columns = append(t.columns, message)
		}
		if has[level]+has[source]+has[message]+has[title] > 0 && len(t.columns) > len(best.columns) {
			best = t
		}
	}
	return best
}

func tidy(cell string) string {
	cell = strings.ToLower(strings.TrimSpace(cell))
	return strings.ReplaceAll(cell, "’", "'")
}

// viewer are Event Viewer's columns, in the order that is the same in every language.
var viewer = []field{level, date, source, number, unknown, message}

// guess knows Event Viewer's rows where their names are missing or in a language that linecheck does not know; then
// under is the row under them. Any other row with a date and a number may be of any log.
func guess(first, under string) (t table, named bool) {
	for _, d := range delimiters {
		if c := split(first, d); shaped(c) && words[strings.ToLower(strings.TrimSpace(c[0]))] != "" {
			return table{delimiter: d, columns: viewer}, false
		}
		if len(split(first, d)) == len(viewer)-1 && shaped(split(under, d)) {
			return table{delimiter: d, columns: viewer}, true
		}
	}
	return table{}, false
}

func shaped(cells []string) bool {
	if len(cells) < len(viewer)-1 {
		return false
	}
	_, err := strconv.ParseUint(strings.TrimSpace(cells[3]), 10, 16)
	return err == nil && readDate(cells[1]).form != noDate && strings.TrimSpace(cells[2]) != ""
}

// record makes an event of a row; text says why it is none.
func (t *table) record(cells []string) (e host.EventRecord, when, text, remedy string) {
	found := false
	name := ""
	for i, cell := range cells {
		if i >= len(t.columns) {
			break
		}
		cell = strings.TrimSpace(cell)
		switch t.columns[i] {
		case level:
			e.Level = words[strings.ToLower(cell)]
		case date:
			when = cell
		case source:
			e.Provider = cut(cell, 300)
		case number:
			// InstanceId has more bits than the number that Event Viewer shows.
			n, err := strconv.ParseUint(cell, 10, 32)
			if err != nil {
				return e, "", "its number " + strconv.Quote(cut(cell, 40)) + " is none", "the columns may be shifted; " + anXML
			}
			e.ID, found = int(n&0xffff), true
		case title:
			name = cell
		case message:
			e.Message = cut(cell, maxMessage)
		case computer:
			e.Computer = cut(cell, 300)
		case channel:
			e.Channel = cut(cell, 300)
		case record:
			e.Record, _ = strconv.ParseUint(cell, 10, 64)
		}
	}
	if !found {
		return e, "", "the row ends before the event's number", "the columns may be shifted; " + anXML
	}
	if t.manager {
		e.Provider = Manager
	}
	if name != "" {
		e.Message = strings.TrimSuffix(name+": "+e.Message, ": ")
	}
	return e, when, "", ""
}
