import java.net.http.HttpRequest;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.DeliveriesApi;
import org.openapitools.client.api.EventsApi;
import org.openapitools.client.api.InspectorApi;
import org.openapitools.client.api.IntegrationsApi;
import org.openapitools.client.model.EventRequest;

/** Calls a running server with the client that openapi-generator generates for Java. */
public final class Call {
  public static void main(String[] arguments) throws ApiException {
    var authorization = "Bearer " + System.getenv("OPENSEND_API_KEY");
    var client = new ApiClient();
    client.updateBaseUri(System.getenv("OPENSEND_URL"));
    client.setRequestInterceptor((HttpRequest.Builder request) -> request.header("Authorization", authorization));

    var connected = new InspectorApi(client).connectInspectorWithHttpInfo(InspectorApi.APIConnectInspectorRequest.newBuilder().build());
    check(connected.getStatusCode() == 201 && connected.getHeaders().containsKey("location"), "connect");

    var event = new EventRequest().type("order.paid").data(Map.of("order_id", 42));
    var events = new EventsApi(client);
    var creation = EventsApi.APICreateEventRequest.newBuilder().eventRequest(event);
    var accepted = events.createEvent(creation.idempotencyKey(UUID.randomUUID().toString()).build());
    check(accepted.getData().getDeliveries() == 1, "event");

    var reading = EventsApi.APIGetEventRequest.newBuilder().id(accepted.getData().getId());
    var read = events.getEvent(reading.build());
    check(read.getData().getDataText().equals("{\"order_id\":42}"), "read");
    var hourAgo = OffsetDateTime.now().minusHours(1);
    check(read.getData().getAcceptedAt().isAfter(hourAgo), "time");

    var id = connected.getData().getData().getId();
    var listing = DeliveriesApi.APIListDeliveriesRequest.newBuilder().connectionId(id.toString()).createdFrom(hourAgo);
    var deliveries = new DeliveriesApi(client).listDeliveries(listing.limit(10L).build());
    check(deliveries.getData().size() == 1, "deliveries");

    var missing = IntegrationsApi.APIGetConnectionRequest.newBuilder().id(UUID.randomUUID());
    try {
      new IntegrationsApi(client).getConnection(missing.build());
      throw new AssertionError("found a connection that does not exist");
    } catch (ApiException error) {
      check(error.getCode() == 404 && error.getResponseBody().contains("not_found"), "problem");
    }
  }

  private static void check(boolean isTrue, String what) {
    if (!isTrue) throw new AssertionError(what);
  }
}
