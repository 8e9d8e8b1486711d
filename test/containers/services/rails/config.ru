run lambda { |env|
  File.write('log/production.log', "#{env['PATH_INFO']}\n", mode: 'a')
  [200, { 'content-type' => 'text/plain' }, ["rails-like\n"]]
}
