FROM eclipse-temurin:21 AS build
WORKDIR /src
COPY Main.java .
RUN javac -d /classes Main.java

FROM eclipse-temurin:21-jre
ENV JAVA_OPTS -Xmx256m
COPY --from=build /classes /classes
EXPOSE 8080
ENTRYPOINT exec java $JAVA_OPTS -cp /classes Main
