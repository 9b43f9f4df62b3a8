package main
import ("testing";"net";"net/http";"io";"github.com/ovhrenew/ovhrenew")
func bm(b *testing.B, ours bool){
 l,_:=net.Listen("tcp","127.0.0.1:0")
 s:=&http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json"); io.WriteString(w, readAnswer(r.URL.Path)) })}
 go s.Serve(l); defer s.Close()
 p,_:=newClient("http://"+l.Addr().String()+"/1.0",&http.Transport{})
 api,_:=ovhrenew.NewWithConfig(p,ovhrenew.Config{Limiter:ovhrenew.Unlimited,Transport:&http.Transport{}})
 b.ReportAllocs()
 for b.Loop(){ if ours { api.OrderStatus(b.Context(),orderID) } else { var st string; p.GetWithContext(b.Context(),orderPath+"/status",&st) } }
}
func BenchmarkOursL(b *testing.B){bm(b,true)}
func BenchmarkPlainL(b *testing.B){bm(b,false)}
