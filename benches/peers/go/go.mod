module galop/peers

go 1.24
