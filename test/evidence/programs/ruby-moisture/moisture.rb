# frozen_string_literal: true

require 'csv'
require 'date'
require 'fileutils'

# Appends one line per reading to a file of the day.
class Journal
  ROOT = '/var/lib/moisture'

  def initialize(root: ROOT)
    @root = File.join(root, 'journal')
    FileUtils.mkdir_p(@root)
  end

  def <<(reading)
    CSV.open(path, 'a') { |csv| csv << reading }
    self
  end

  private

  def path
    File.join(@root, "#{Date.today.iso8601}.csv")
  end
end

Signal.trap('TERM') { exit }

$stdout.sync = true
journal = Journal.new

loop do
  journal << [Time.now.to_i, 'bed-1', rand(20..80)]
  puts 'noted'
  sleep 3
end
