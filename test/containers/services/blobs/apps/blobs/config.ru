require_relative 'lib/blobs'
run Blobs::App.new
