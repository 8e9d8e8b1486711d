var fs = require('fs');
var http = require('http');

var production = process.env.NODE_ENV === 'production';

var SNAPSHOTS = production
  ? '/srv/catalog/snapshots'
  : '/usr/src/catalog-dev';

var products = JSON.parse(fs.readFileSync(__dirname + '/products.json', 'utf8'));

function snapshot(done) {
  var name = SNAPSHOTS + '/' + Date.now() + '.json';
  fs.writeFile(name + '.part', JSON.stringify(products, null, 2), function (err) {
    if (err) return done(err);
    fs.rename(name + '.part', name, function (err) {
      done(err, name);
    });
  });
}

var server = http.createServer(function (req, res) {
  if (req.method == 'POST' && req.url == '/snapshot') {
    snapshot(function (err, name) {
      if (err) console.error(err);
      res.statusCode = err ? 500 : 200;
      res.end(err ? 'failed\n' : name + '\n');
    });
  } else {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(products));
  }
});

server.listen(process.env.PORT || 8080);
process.on('SIGTERM', function () { server.close(); });
