import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.UUID;

public class Receipts {

    private static final Path ARCHIVE = Paths.get("/srv", "receipts", "archive");

    public static void main(String[] args) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", Receipts::handle);
        server.start();
        System.out.println("receipts on 8080");
    }

    private static void handle(HttpExchange exchange) throws IOException {
        String answer;
        if ("POST".equals(exchange.getRequestMethod())) {
            byte[] receipt = exchange.getRequestBody().readAllBytes();
            Path file = ARCHIVE.resolve(UUID.randomUUID() + ".txt");
            Files.write(file, receipt);
            answer = file.getFileName().toString();
        } else {
            try (var files = Files.list(ARCHIVE)) {
                answer = files.count() + " receipts";
            }
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
