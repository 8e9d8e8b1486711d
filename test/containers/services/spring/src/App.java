import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What an embedded Tomcat does: a folder of its own below the temporary one; and a log file below the working directory. */
public class App {
  public static void main(String[] args) throws IOException {
    Path work = Files.createTempDirectory("tomcat.8080.");
    Path log = null;
    for (String word : args)
      if (word.startsWith("--logging.file.name=")) log = Path.of(word.substring(word.indexOf('=') + 1));
    if (log != null) {
      if (log.getParent() != null) Files.createDirectories(log.getParent());
      Files.writeString(log, "Started App\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
    server.createContext("/", exchange -> {
      byte[] body = ("spring works in " + work + "\n").getBytes();
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }
}
