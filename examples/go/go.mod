module galop.example/crossing

go 1.17
