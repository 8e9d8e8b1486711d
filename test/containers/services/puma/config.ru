run ->(_env) { File.write("log/visits.log", "visit\n", mode: "a"); [200, { "content-type" => "text/plain" }, ["from puma\n"]] }
