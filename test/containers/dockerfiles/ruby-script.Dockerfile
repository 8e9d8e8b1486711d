FROM ruby:3.4-slim
RUN apt-get update -qq && apt-get install -y --no-install-recommends libyaml-dev
WORKDIR /app
COPY config.ru Gemfile Gemfile.lock entrypoint.sh ./
RUN bundle install && chmod +x entrypoint.sh
ENTRYPOINT ["/app/entrypoint.sh"]
CMD ["ruby", "config.ru"]
