package dev.flashstock.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules apply to a request, what they add up to, and how they are written. */
class FaultsTest {
    private static final Fault LOST = new Fault.AnswerLost();

    private final Faults faults = new Faults(1);

    private Mishap next(String operation, String body) {
        return faults.next(operation, () -> body);
    }

    @Test
    void without_rules_nothing_goes_wrong_and_no_body_is_read() {
        // When
        Mishap mishap = faults.next("GET", () -> {
            throw new AssertionError("Read");
        });

        // Then
        assertThat(mishap).isSameAs(Mishap.NONE);
    }

    @Test
    void a_rule_is_for_one_operation() {
        // Given
        faults.set(FaultRule.always(LOST).on("GET"));

        // When
        Mishap other = next("SET", "");
        Mishap same = next("get", "");

        // Then
        assertThat(other).isEqualTo(Mishap.NONE);
        assertThat(same.ending()).isEqualTo(Mishap.Ending.LOST);
    }

    @Test
    void a_rule_is_for_requests_with_a_text() {
        // Given
        faults.set(FaultRule.always(LOST).containing("SKU#1"));

        // When
        Mishap other = next("GET", "SKU#2");
        Mishap same = next("GET", "PK SKU#1 SK");

        // Then
        assertThat(other).isEqualTo(Mishap.NONE);
        assertThat(same.ending()).isEqualTo(Mishap.Ending.LOST);
    }

    @Test
    void a_rule_applies_a_number_of_times_to_what_it_covers() {
        // Given
        faults.set(FaultRule.always(LOST).on("GET").times(2));

        // When
        List<Mishap.Ending> endings = Stream.of("GET", "SET", "GET", "GET")
                .map(operation -> next(operation, "").ending())
                .toList();

        // Then
        assertThat(endings)
                .containsExactly(Mishap.Ending.LOST, Mishap.Ending.WHOLE, Mishap.Ending.LOST, Mishap.Ending.WHOLE);
        assertThat(faults.happened()).isEqualTo(Map.of("AnswerLost", 2L));
    }

    @Test
    void a_rule_applies_by_chance() {
        // Given
        faults.set(FaultRule.always(LOST).withProbability(0.25));

        // When
        long lost = IntStream.range(0, 10_000)
                .filter(i -> next("GET", "").ending() == Mishap.Ending.LOST)
                .count();

        // Then
        assertThat(lost).isCloseTo(2_500, within(150L));
        assertThat(faults.happened()).isEqualTo(Map.of("AnswerLost", lost));
    }

    @Test
    void the_same_seed_gives_the_same_chance() {
        // Given
        Faults twin = new Faults(1);
        List<FaultRule> rules =
                List.of(FaultRule.always(LOST).withProbability(0.5), FaultRule.always(new Fault.Latency(10, 100)));
        faults.set(rules);
        twin.set(rules);

        // When
        List<Mishap> here = Stream.generate(() -> next("GET", "")).limit(100).toList();
        List<Mishap> there =
                Stream.generate(() -> twin.next("GET", () -> "")).limit(100).toList();

        // Then
        assertThat(here).isEqualTo(there);
        assertThat(here.stream().distinct().count()).isGreaterThan(10);
    }

    @Test
    void of_several_endings_the_first_counts() {
        // Given
        Fault.Failure failure = new Fault.Failure(500, "InternalServerError", "");
        List<Fault> endings = List.of(failure, new Fault.RequestLost(), new Fault.AnswerLost(), new Fault.AnswerCut());
        List<Mishap> first = endings.stream()
                .map(fault -> Mishap.of(List.of(fault), new Random(1)))
                .toList();

        // When
        List<Mishap> followed = IntStream.range(0, endings.size())
                .mapToObj(i -> {
                    List<Fault> rotated = new ArrayList<>(endings);
                    Collections.rotate(rotated, -i);
                    return Mishap.of(rotated, new Random(1));
                })
                .toList();

        // Then
        assertThat(followed).isEqualTo(first);
        assertThat(first).doesNotHaveDuplicates().doesNotContain(Mishap.NONE);
    }

    @Test
    void delays_add_up() {
        // Given
        faults.set(
                FaultRule.always(new Fault.Latency(10, 10)),
                FaultRule.always(new Fault.AnswerLate(3)),
                FaultRule.always(LOST),
                FaultRule.always(new Fault.Latency(5, 5)),
                FaultRule.always(new Fault.AnswerLate(4)),
                FaultRule.always(new Fault.LateDuplicate(7)));

        // When
        Mishap mishap = next("GET", "");

        // Then
        assertThat(mishap).isEqualTo(new Mishap(15, null, false, Mishap.Ending.LOST, 7, 7));
    }

    @Test
    void rules_are_replaced_and_taken_away() {
        // Given
        faults.set(FaultRule.always(LOST));
        FaultRule other = FaultRule.always(new Fault.AnswerCut());

        // When
        faults.set(other);

        // Then
        assertThat(faults.rules()).containsExactly(other);
        assertThat(next("GET", "").ending()).isEqualTo(Mishap.Ending.CUT);
        faults.clear();
        assertThat(next("GET", "")).isEqualTo(Mishap.NONE);
        assertThat(faults.happened()).isEqualTo(Map.of("AnswerCut", 1L));
    }

    @Test
    void there_are_only_so_many_rules() {
        // Given
        List<FaultRule> most = Collections.nCopies(Faults.MAX_RULES, FaultRule.always(LOST));
        List<FaultRule> tooMany = Collections.nCopies(Faults.MAX_RULES + 1, FaultRule.always(LOST));

        // When
        faults.set(most);

        // Then
        assertThatIllegalArgumentException().isThrownBy(() -> faults.set(tooMany));
        assertThat(faults.rules()).hasSize(Faults.MAX_RULES);
    }

    private static Stream<ThrowingCallable> outOfBounds() {
        return Stream.of(
                () -> new Fault.Latency(0, 1),
                () -> new Fault.Latency(2, 1),
                () -> new Fault.Latency(1, Fault.MAX_MILLIS + 1),
                () -> new Fault.AnswerLate(0),
                () -> new Fault.AnswerLate(Fault.MAX_MILLIS + 1),
                () -> new Fault.LateDuplicate(-1),
                () -> new Fault.LateDuplicate(Fault.MAX_MILLIS + 1),
                () -> new Fault.Failure(399, "Error", ""),
                () -> new Fault.Failure(600, "Error", ""),
                () -> new Fault.Failure(500, " ", ""),
                () -> new Fault.Failure(500, "Error", "a\r\nb"),
                () -> new FaultRule("GET", "", 1, 0, null),
                () -> FaultRule.always(LOST).withProbability(1.01),
                () -> FaultRule.always(LOST).withProbability(-0.01),
                () -> FaultRule.always(LOST).withProbability(Double.NaN),
                () -> FaultRule.always(LOST).times(-1));
    }

    @ParameterizedTest
    @MethodSource
    void outOfBounds(ThrowingCallable constructor) {
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(constructor);
    }

    @Test
    void bounds_belong_to_what_is_allowed() {
        // When, Then
        assertThatCode(() -> {
                    new Fault.Latency(1, Fault.MAX_MILLIS);
                    new Fault.AnswerLate(1);
                    new Fault.LateDuplicate(Fault.MAX_MILLIS);
                    new Fault.Failure(400, "Error", "");
                    new Fault.Failure(599, "Error", "");
                    FaultRule.always(LOST).withProbability(Double.MIN_VALUE);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void latencies_have_the_median_and_the_p99_they_say() {
        // Given
        Fault.Latency latency = new Fault.Latency(200, 2_000);
        Random random = new Random(1);

        // When
        long[] millis = LongStream.generate(() -> latency.millis(random.nextGaussian()))
                .limit(100_000)
                .sorted()
                .toArray();

        // Then
        assertThat(millis[50_000]).isCloseTo(200, Percentage.withPercentage(2));
        assertThat(millis[99_000]).isCloseTo(2_000, Percentage.withPercentage(5));
        assertThat(millis[0]).isNotNegative();
    }

    @Test
    void latencies_are_alike_when_the_p99_is_the_median_and_never_beyond_the_longest() {
        // Given
        Fault.Latency alike = new Fault.Latency(30, 30);
        Fault.Latency wide = new Fault.Latency(1, Fault.MAX_MILLIS);

        // When
        long[] millis = LongStream.of(alike.millis(-5), alike.millis(5), wide.millis(50))
                .toArray();

        // Then
        assertThat(millis).containsExactly(30, 30, Fault.MAX_MILLIS);
    }

    private static Stream<FaultRule> everyKind() {
        return Stream.of(
                        new Fault.Latency(20, 200),
                        new Fault.Failure(500, "InternalServerError", "Try again"),
                        new Fault.RequestLost(),
                        new Fault.AnswerLost(),
                        new Fault.AnswerCut(),
                        new Fault.AnswerLate(50),
                        new Fault.LateDuplicate(60))
                .map(fault -> new FaultRule("GET", "SKU#1", 0.5, 3, fault));
    }

    @ParameterizedTest
    @MethodSource
    void everyKind(FaultRule rule) throws JsonProcessingException {
        // When
        String json = Wire.MAPPER.writeValueAsString(rule);

        // Then
        assertThat(Wire.MAPPER.readValue(json, FaultRule.class)).isEqualTo(rule);
    }

    @Test
    void json_may_leave_out_all_but_the_fault() throws JsonProcessingException {
        // When
        FaultRule rule = Wire.MAPPER.readValue("{\"fault\":{\"fault\":\"answer-lost\"}}", FaultRule.class);

        // Then
        assertThat(rule).isEqualTo(FaultRule.always(new Fault.AnswerLost()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"fault\":{\"fault\":\"answer-eaten\"}}", "{\"fault\":{\"fault\":\"latency\"}}"})
    void json_that_is_no_rule(String json) {
        // When, Then
        assertThatCode(() -> Wire.MAPPER.readValue(json, FaultRule.class)).isInstanceOf(JsonMappingException.class);
    }
}
