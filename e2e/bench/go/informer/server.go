package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The same width for every version keeps every event the same size.
const firstVersion = 1000000000

// sample is one object, serialised once and cut in two where its version goes.
type sample struct {
	namespace, name string
	before, after   []byte
	version         int64
}

// collection is one resource. Others than pods and nodes exist, and are empty.
type collection struct {
	kind, apiVersion string
	objects          []sample
}

type server struct {
	mu          sync.Mutex
	collections map[string]*collection
	version     int64
	streams     map[*stream]bool
}

// stream is one open watch.
type stream struct {
	mu         sync.Mutex
	w          *bufio.Writer
	controller *http.ResponseController
	of         *collection
	isOver     bool
}

func serve(address string, pods, pending, nodes, namespaces int) error {
	s := &server{collections: map[string]*collection{}, version: firstVersion, streams: map[*stream]bool{}}
	s.fill("/api/v1/pods", "Pod", pods, func(i int) any {
		if i < pending {
			return waitingPod(i, namespaces)
		}
		return samplePod(i, namespaces, max(nodes, 100))
	})
	s.fill("/api/v1/nodes", "Node", nodes, func(i int) any { return sampleNode(i) })
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "serving %d pods and %d nodes on %s\n", pods, nodes, listener.Addr())
	mux := http.NewServeMux()
	for path, answer := range discovery {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, answer) })
	}
	mux.HandleFunc("GET /api/v1/", s.listOrWatch)
	mux.HandleFunc("GET /apis/", s.listOrWatch)
	mux.HandleFunc("POST /bench/flood", s.flood)
	mux.HandleFunc("POST /bench/churn", s.churn)
	mux.HandleFunc("GET /bench/info", s.info)
	return http.Serve(listener, mux)
}

// fill serialises a collection, in the order of its keys as a real server lists it.
func (s *server) fill(path, kind string, n int, object func(int) any) {
	c := &collection{kind: kind, apiVersion: "v1"}
	for i := range n {
		one := sampleOf(object(i))
		s.version++
		one.version = s.version
		c.objects = append(c.objects, one)
	}
	sort.Slice(c.objects, func(i, j int) bool {
		a, b := &c.objects[i], &c.objects[j]
		return a.namespace < b.namespace || a.namespace == b.namespace && a.name < b.name
	})
	s.collections[path] = c
}

// of is the collection under a path: an empty one for whatever else is asked for.
func (s *server) of(path string) *collection {
	if c, ok := s.collections[path]; ok {
		return c
	}
	return &collection{kind: "Unknown", apiVersion: strings.TrimPrefix(path[:strings.LastIndex(path, "/")], "/apis/")}
}

func (s *server) info(w http.ResponseWriter, _ *http.Request) {
	pods := s.collections["/api/v1/pods"]
	writeJSON(w, map[string]any{"pods": len(pods.objects), "openWatches": len(s.streamsOf(pods))})
}

func (s *server) listOrWatch(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if is := query.Get("watch"); is == "1" || is == "true" {
		s.watch(w, r)
		return
	}
	s.list(w, r)
}

// list ignores the limit at version 0, as a server with a watch cache does.
func (s *server) list(w http.ResponseWriter, r *http.Request) {
	c := s.of(r.URL.Path)
	query := r.URL.Query()
	version, versions := s.snapshot(c)
	limit, _ := strconv.Atoi(query.Get("limit"))
	from := 0
	if token := query.Get("continue"); token != "" {
		of, position, _ := strings.Cut(token, "|")
		version, _ = strconv.ParseInt(of, 10, 64)
		from, _ = strconv.Atoi(position)
	}
	to := len(versions)
	if limit > 0 && query.Get("resourceVersion") != "0" {
		to = min(to, from+limit)
	}
	metadata := map[string]any{"resourceVersion": strconv.FormatInt(version, 10)}
	if to < len(versions) {
		metadata["continue"] = fmt.Sprintf("%d|%d", version, to)
		metadata["remainingItemCount"] = len(versions) - to
	}
	w.Header().Set("Content-Type", "application/json")
	out := bufio.NewWriterSize(w, 256<<10)
	defer out.Flush()
	fmt.Fprintf(out, `{"kind":"%sList","apiVersion":"%s","metadata":%s,"items":[`, c.kind, c.apiVersion, mustJSON(metadata))
	for i := from; i < to; i++ {
		if i > from {
			out.WriteByte(',')
		}
		c.write(out, i, versions[i], false)
	}
	out.WriteString("]}\n")
}

func (s *server) snapshot(c *collection) (int64, []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	versions := make([]int64, len(c.objects))
	for i := range versions {
		versions[i] = c.objects[i].version
	}
	return s.version, versions
}

// write writes one object. In a watch it names its kind, in a list it does not.
func (c *collection) write(w *bufio.Writer, i int, version int64, isTyped bool) {
	before := c.objects[i].before
	if isTyped {
		fmt.Fprintf(w, `{"kind":"%s","apiVersion":"%s",`, c.kind, c.apiVersion)
		before = before[1:]
	}
	w.Write(before)
	var digits [20]byte
	w.Write(strconv.AppendInt(digits[:0], version, 10))
	w.Write(c.objects[i].after)
}

// watch begins with everything there is where that is asked for. Nothing is replayed for another version.
func (s *server) watch(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	isStreamed := query.Get("sendInitialEvents") == "true"
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	c := s.of(r.URL.Path)
	st := &stream{w: bufio.NewWriterSize(w, 64<<10), controller: http.NewResponseController(w), of: c}
	st.mu.Lock()
	s.mu.Lock()
	s.streams[st] = true
	s.mu.Unlock()
	version, versions := s.snapshot(c)
	if asked := query.Get("resourceVersion"); isStreamed || asked == "" || asked == "0" {
		for i := range versions {
			st.event("ADDED", i, versions[i])
		}
	}
	if isStreamed {
		fmt.Fprintf(st.w, `{"type":"BOOKMARK","object":{"kind":"%s","apiVersion":"%s","metadata":{"resourceVersion":"%d",`+
			`"annotations":{"k8s.io/initial-events-end":"true"}}}}`+"\n", c.kind, c.apiVersion, version)
	}
	st.flush()
	st.mu.Unlock()
	<-r.Context().Done()
	s.mu.Lock()
	delete(s.streams, st)
	s.mu.Unlock()
	// A flood in progress must not write after this handler has returned.
	st.mu.Lock()
	st.isOver = true
	st.mu.Unlock()
}

func (st *stream) event(kind string, i int, version int64) {
	st.w.WriteString(`{"type":"`)
	st.w.WriteString(kind)
	st.w.WriteString(`","object":`)
	st.of.write(st.w, i, version, true)
	st.w.WriteString("}\n")
}

func (st *stream) flush() {
	st.w.Flush()
	st.controller.Flush()
}

// flood sends MODIFIED events, round robin over the pods, to every open watch of them: as fast as it takes them, or
// `perSecond`. Answers when all are written.
func (s *server) flood(w http.ResponseWriter, r *http.Request) {
	events, _ := strconv.Atoi(r.URL.Query().Get("events"))
	perSecond, _ := strconv.Atoi(r.URL.Query().Get("perSecond"))
	pods := s.collections["/api/v1/pods"]
	s.mu.Lock()
	first := s.version + 1
	s.version += int64(events)
	for i := range events {
		pods.objects[i%len(pods.objects)].version = first + int64(i)
	}
	s.mu.Unlock()
	streams := s.streamsOf(pods)
	var writing sync.WaitGroup
	for _, st := range streams {
		writing.Go(func() { st.flood(first, events, perSecond) })
	}
	writing.Wait()
	writeJSON(w, map[string]any{"events": events, "watches": len(streams)})
}

func (st *stream) flood(first int64, events, perSecond int) {
	st.mu.Lock()
	defer st.mu.Unlock()
	start := time.Now()
	for i := range events {
		if st.isOver {
			return
		}
		if perSecond > 0 {
			due := start.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
			if wait := time.Until(due); wait > 10*time.Millisecond {
				st.flush()
				time.Sleep(wait)
			}
		}
		st.event("MODIFIED", i%len(st.of.objects), first+int64(i))
	}
	st.flush()
}

func writeJSON(w io.Writer, value any) {
	if rw, ok := w.(http.ResponseWriter); ok {
		rw.Header().Set("Content-Type", "application/json")
	}
	w.Write(mustJSON(value))
}

func mustJSON(value any) []byte {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return raw
}
