print("ring3")
