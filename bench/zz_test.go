package main
import ("testing";"os";"context")
func TestZ(t *testing.T){ r,err:=readRows(context.Background(),full); if err!=nil{t.Fatal(err)}; o,err:=offerRows(context.Background(),full); if err!=nil{t.Fatal(err)}; writeTable(os.Stdout,append(r,o...)) }
