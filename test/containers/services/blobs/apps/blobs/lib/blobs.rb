require 'digest'
require 'fileutils'
require 'yaml'

module Blobs
  SETTINGS = YAML.load_file(File.expand_path('../config/settings.yml', __dir__))

  class Store
    def initialize(root)
      @objects = File.join(root, 'objects')
      @incoming = File.join(root, 'incoming')
      FileUtils.mkdir_p([@objects, @incoming])
    end

    def put(data)
      name = Digest::SHA1.hexdigest(data)
      tmp = File.join(@incoming, name)
      File.binwrite(tmp, data)
      FileUtils.mv(tmp, File.join(@objects, name))
      name
    end

    def count
      Dir.children(@objects).size
    end
  end

  class App
    def initialize
      @store = Store.new(SETTINGS['storage']['root'])
    end

    def call(env)
      if env['REQUEST_METHOD'] == 'POST'
        [200, {}, ["kept #{@store.put(env['rack.input'].read)}"]]
      else
        [200, {}, ["#{@store.count} blobs"]]
      end
    end
  end
end
