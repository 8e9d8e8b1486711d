require 'json'

class Tickets
  FILE = File.join(ENV.fetch('APP_ROOT'), 'var', 'tickets.json')

  def all
    File.exist?(FILE) ? JSON.parse(File.read(FILE)) : []
  end

  def call(env)
    if env['REQUEST_METHOD'] == 'POST'
      tickets = all << env['rack.input'].read
      File.write(FILE, JSON.generate(tickets))
      [200, {}, ['filed']]
    else
      [200, {}, ["#{all.size} tickets"]]
    end
  end
end

run Tickets.new
