using Understudy.Evaluation;
using Understudy.Evaluation.Utility;

namespace Understudy.Tests.Evaluation.Utility;

public class ScoresTests
{
    public static TheoryData<string> Cases => Oracle.Cases;

    [Theory, MemberData(nameof(Cases))]
    public void From_RandomPredictions_AgreesWithScikitLearn(string name)
    {
        var (predictions, expected) = Oracle.Case(name);
        var s = Scores.From(predictions);
        Close(expected["accuracy"]!.GetValue<double>(), s.Metrics.Accuracy);
        Close(expected["balanced_accuracy"]!.GetValue<double>(), s.Metrics.BalancedAccuracy);
        Close(expected["macro"]!.Numbers(), s.Metrics.Macro);
        Close(expected["weighted"]!.Numbers(), s.Metrics.Weighted);
        Close(expected["nll"]!.GetValue<double>(), s.Nll);
        Close(expected["ece"]!.GetValue<double>(), s.Ece);
        for (int k = 0; k < s.Classes.Count; k++)
        {
            Close([.. Enumerable.Range(0, 3).Select(m => expected["per_class"]![m]![k]!.GetValue<double>())],
                s.Metrics.PerClass[k].Score);
            Assert.Equal(expected["per_class"]![3]![k]!.GetValue<long>(), s.Metrics.PerClass[k].Support);
            Assert.Equal(expected["auroc"]![k] is null, s.Auroc.PerClass[k] is null);
            if (expected["auroc"]![k] is { } area) Close(area.GetValue<double>(), s.Auroc.PerClass[k]!.Value);
            for (int j = 0; j < s.Classes.Count; j++)
                Assert.Equal(expected["confusion"]![k]![j]!.GetValue<long>(), s.Confusion[k, j]);
        }
        Close(expected["auroc"]!.AsArray().Where(a => a is not null).Average(a => a!.GetValue<double>()), s.Auroc.Macro!.Value);
    }

    [Fact]
    public void From_HandWorkedCase_GivesTheFractions()
    {
        // Labels 0 0 0 1 1 2, predicted 0 0 1 1 1 1: class 2 is never predicted.
        var s = Scores.From(Oracle.Of(3,
            (0, [.8f, .1f, .1f]), (0, [.5f, .3f, .2f]), (0, [.2f, .7f, .1f]), (1, [.1f, .6f, .3f]), (1, [.3f, .4f, .3f]),
                (2, [.1f, .5f, .4f])));
        Close(4 / 6.0, s.Metrics.Accuracy);
        Close([(1 + .5 + 0) / 3, (2 / 3.0 + 1 + 0) / 3, (.8 + 2 / 3.0 + 0) / 3], s.Metrics.Macro);
        Close([(3 * 1 + 2 * .5) / 6, (3 * 2 / 3.0 + 2) / 6, (3 * .8 + 2 * 2 / 3.0) / 6], s.Metrics.Weighted);
        Assert.True(s.Metrics.ZeroDivision);
        Assert.Equal(["never predicted: c2; precision and F1 count as 0"], s.Notes());
        // Class 0: .8 and .5 beat all of .1 .3 .1; .2 beats .1 .1 and loses to .3: 8 of 9.
        Close(8 / 9.0, s.Auroc.PerClass[0]!.Value);
        Close(-(Math.Log(.8f) + Math.Log(.5f) + Math.Log(.2f) + Math.Log(.6f) + Math.Log(.4f) + Math.Log(.4f)) / 6, s.Nll);
    }

    [Fact]
    public void From_OneImageOfACertainMistake_HasAFiniteLikelihoodAndFullCalibrationError()
    {
        var s = Scores.From(Oracle.Of(2, (0, [0f, 1f])));
        Close(-Math.Log(1e-12), s.Nll);
        Close(1, s.Ece);
        Assert.Null(s.Auroc.Macro);
        Assert.True(double.IsNaN(s[Measure.MacroAuroc]));
        Assert.Equal(
            ["the test set has no image of c1: recall and F1 count as 0, and AUROC leaves it out",
                "never predicted: c0; precision and F1 count as 0"], s.Notes());
    }

    [Fact]
    public void Auroc_AllScoresEqual_IsOneHalf() =>
        Assert.Equal([.5, .5],
            Auroc.From(Oracle.Of(2, (0, [.5f, .5f]), (1, [.5f, .5f]), (1, [.5f, .5f]))).PerClass.Select(a => a!.Value));

    [Fact]
    public void From_PerfectPredictions_GivesOneEverywhere()
    {
        var s = Scores.From(Oracle.Of(2, (0, [1f, 0f]), (1, [0f, 1f])));
        Assert.All(Enum.GetValues<Measure>(), m => Assert.Equal(1, s[m]));
        Assert.Equal((0, 0), (s.Nll, s.Ece));
        Assert.False(s.Metrics.ZeroDivision);
        Assert.Empty(s.Notes());
    }

    [Fact]
    public void From_NoImages_IsRefused() =>
        Assert.Contains("no image",
            Assert.Throws<InvalidDataException>(() => Scores.From(new Predictions(["a"], [], [], new float[0, 1]))).Message,
                StringComparison.Ordinal);

    [Fact]
    public void From_RowsInAnotherOrder_GivesTheSameMeasures()
    {
        var (p, _) = Oracle.Case("ties");
        var back = Enumerable.Range(0, p.Count).Reverse().ToArray();
        var table = new float[p.Count, p.Classes.Count];
        for (int i = 0; i < p.Count; i++)
        {
            for (int k = 0; k < p.Classes.Count; k++) table[i, k] = p.Probabilities[back[i], k];
        }
        var turned = Scores.From(new(p.Classes, [.. back.Select(i => p.Ids[i])], [.. back.Select(i => p.Labels[i])], table));
        Assert.All(Enum.GetValues<Measure>(), m => Assert.Equal(Scores.From(p)[m], turned[m]));
    }

    [Fact]
    public void Sum_OfTwoTests_AddsCounts()
    {
        var sum = ConfusionMatrix.Sum([new(new long[,] { { 1, 2 }, { 3, 4 } }), new(new long[,] { { 10, 20 }, { 30, 40 } })]);
        Assert.Equal((11, 22, 33, 44), (sum[0, 0], sum[0, 1], sum[1, 0], sum[1, 1]));
        Assert.Equal((110, 55, 33, 44, 22 / 33.0),
            (sum.Total, sum.Correct, sum.Support(0), sum.Predicted(0), sum.RowShare(0, 1)));
    }

    private static void Close(double expected, double actual) => Assert.Equal(expected, actual, 1e-12);

    private static void Close(double[] expected, PrecisionRecall actual)
    {
        Close(expected[0], actual.Precision);
        Close(expected[1], actual.Recall);
        Close(expected[2], actual.F1);
    }
}
