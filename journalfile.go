package ovhrenew

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// FileJournal is a Journal in a directory: one file of records, each on a line of
// its own behind its checksum, and a lock a service. Any number of processes on one
// machine can share it. It is not for network file systems, whose locks and syncs
// cannot be relied on.
type FileJournal struct {
	dir string
	// write and sync are those of os.File: a disk that is full fails in them.
	write func(file *os.File, data []byte, at int64) (int, error)
	sync  func(file *os.File) error

	mu     sync.Mutex
	end    int64 // of what has been read
	byID   map[ServiceID][]int
	all    []Record
	orders map[OrderID][]ServiceID
	opened os.FileInfo
}

// OpenJournal opens the journal in a directory, which is made if it does not exist.
// The error is [ErrJournal].
func OpenJournal(dir string) (*FileJournal, error) {
	if dir == "" {
		return nil, badInput("OpenJournal", "dir", dir, "names no directory")
	}
	if err := os.MkdirAll(filepath.Join(dir, "locks"), 0o700); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	// The directory's own name has to survive a crash too.
	if err := syncDir(filepath.Dir(dir), (*os.File).Sync); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	j := &FileJournal{dir: dir, write: (*os.File).WriteAt, sync: (*os.File).Sync}
	file, release, err := j.hold()
	if err != nil {
		return nil, err
	}
	defer release()
	if _, err := j.records(file, nil); err != nil {
		return nil, err
	}
	return j, nil
}

// Open claims services until the Ledger is closed. The error is [ErrBusy] if
// another run, of this process or another, holds one of them.
func (j *FileJournal) Open(services ...ServiceID) (Ledger, error) {
	if j == nil {
		return nil, fmt.Errorf("%w: a FileJournal is made by OpenJournal, and this one is nil", ErrJournal)
	}
	l := &fileLedger{journal: j, services: sortedIDs(services)}
	for _, id := range l.services {
		lock, err := j.claim(id)
		if err != nil {
			_ = l.Close()
			return nil, err
		}
		l.locks = append(l.locks, lock)
	}
	// Read only now: until the locks were had, another run may have been writing.
	file, release, err := j.hold()
	if err == nil {
		defer release()
		l.records, err = j.records(file, l.services)
	}
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	return l, nil
}

// claim locks the file of one service. Who has the lock stands in it, for whoever
// comes second to be told; that nobody can rely on it does no harm.
func (j *FileJournal) claim(id ServiceID) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(j.dir, "locks", id.String()), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	err = tryLock(lock)
	if err == nil {
		who := fmt.Sprintf("process %d, since %s", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
		_ = lock.Truncate(0)
		_, _ = lock.WriteAt([]byte(who), 0)
		return lock, nil
	}
	defer lock.Close()
	if !errors.Is(err, errLocked) {
		return nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	who := make([]byte, 100)
	n, _ := lock.ReadAt(who, 0)
	return nil, fmt.Errorf("service %d: %w: %s", id, ErrBusy, cmp.Or(clean(string(who[:n])), "nobody knows who"))
}

// hold opens the file of records and locks it for a moment's reading or writing.
func (j *FileJournal) hold() (*os.File, func(), error) {
	path := filepath.Join(j.dir, "journal.log")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if err := waitLock(file); err != nil {
		file.Close()
		return nil, nil, fmt.Errorf("%w: %w", ErrJournal, err)
	}
	return file, func() { unlock(file); file.Close() }, nil
}

func (j *FileJournal) records(file *os.File, services []ServiceID) ([]Record, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.refresh(file); err != nil {
		return nil, err
	}
	var at []int
	for _, id := range services {
		at = append(at, j.byID[id]...)
	}
	slices.Sort(at)
	records := make([]Record, 0, len(at))
	for _, i := range slices.Compact(at) {
		records = append(records, j.all[i])
	}
	return records, nil
}

// refresh reads the records that others have appended. A last line without its end
// is a write that was cut off: it was never acknowledged, so it is cut off for good.
func (j *FileJournal) refresh(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if j.opened == nil || !os.SameFile(info, j.opened) || info.Size() < j.end {
		j.all, j.byID, j.orders, j.end, j.opened = nil, map[ServiceID][]int{}, map[OrderID][]ServiceID{}, 0, info
	}
	data, err := io.ReadAll(io.NewSectionReader(file, j.end, info.Size()-j.end))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	for {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			break
		}
		record, err := parseRecord(line)
		if err != nil {
			return fmt.Errorf("%w: %s, at byte %d: %w", ErrJournal, file.Name(), j.end, err)
		}
		for _, id := range record.Services {
			j.byID[id] = append(j.byID[id], len(j.all))
		}
		if record.Order != 0 {
			j.orders[record.Order] = record.Services
		}
		j.all = append(j.all, record)
		j.end += int64(len(line)) + 1
		data = rest
	}
	if len(data) > 0 {
		if err := file.Truncate(j.end); err != nil {
			return fmt.Errorf("%w: %w", ErrJournal, err)
		}
	}
	return nil
}

// append writes a line and waits until the disk has it. A write that fails is taken
// back as far as the disk allows; what remains of it is no whole line.
func (j *FileJournal) append(line []byte) error {
	file, release, err := j.hold()
	if err != nil {
		return err
	}
	defer release()
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.refresh(file); err != nil {
		return err
	}
	if j.end == 0 {
		err = syncDir(j.dir, j.sync) // the file may be new, and its name not on disk yet
	}
	if err == nil {
		_, err = j.write(file, line, j.end)
	}
	if err == nil {
		err = j.sync(file)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", ErrJournal, err), file.Truncate(j.end))
	}
	return j.refresh(file)
}

type fileLedger struct {
	journal  *FileJournal
	services []ServiceID
	locks    []*os.File
	records  []Record
}

func (l *fileLedger) Records() []Record { return slices.Clone(l.records) }

func (l *fileLedger) Order(id OrderID) []ServiceID {
	l.journal.mu.Lock()
	defer l.journal.mu.Unlock()
	return l.journal.orders[id]
}

func (l *fileLedger) Append(record Record) error {
	line, err := formatRecord(record)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrJournal, err)
	}
	if err := l.journal.append(line); err != nil {
		return err
	}
	l.records = append(l.records, record)
	return nil
}

func (l *fileLedger) Close() error {
	var errs []error
	for _, lock := range l.locks {
		unlock(lock)
		errs = append(errs, lock.Close())
	}
	l.locks = nil
	return errors.Join(errs...)
}

// formatRecord is a record's line: the checksum of its JSON, then the JSON.
func formatRecord(record Record) ([]byte, error) {
	text, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(text), text), nil
}

func parseRecord(line []byte) (Record, error) {
	sum, text, found := bytes.Cut(line, []byte(" "))
	if !found || string(sum) != fmt.Sprintf("%08x", crc32.ChecksumIEEE(text)) {
		return Record{}, errors.New("a record is damaged; move the directory away to go on without it")
	}
	var version struct {
		Version int `json:"v"`
	}
	var record Record
	if err := json.Unmarshal(text, &version); err != nil {
		return record, err
	}
	if version.Version != recordVersion {
		return record, fmt.Errorf("a record has version %d, and this program knows %d: use a newer one", version.Version, recordVersion)
	}
	err := json.Unmarshal(text, &record)
	return record, err
}
