from debian:12
maintainer "Ada" <ada@example.com>
label summary = "A shop" \
      version ="1.0"
env HOME_OF   /opt/shop
env OPTIONS -v --colour never
copy serve.sh /opt/shop/serve.sh
add app.py /opt/shop/app.py
entrypoint /opt/shop/serve.sh
