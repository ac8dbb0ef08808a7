using Understudy.Evaluation.Diagnosis;

namespace Understudy.Tests.Evaluation.Diagnosis;

public sealed class ProbabilityHealthTests
{
    public static TheoryData<string, string, Severity> Faults => new()
    {
        { "nan", "not numbers", Severity.Fault },
        { "infinite", "not numbers", Severity.Fault },
        { "logits", "below 0 or above 1", Severity.Fault },
        { "sigmoid", "do not sum to 1", Severity.Fault },
        { "uniform", "the same probability for every class", Severity.Fault },
        { "constant", "exactly the same probabilities", Severity.Fault },
        { "saturated", "only 7 different answers", Severity.Warning },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_BrokenProbabilities_SaysWhatIsWrong(string fault, string says, Severity severity)
    {
        var p = (float[,])Studies.Clean(3589, 7, 0.6, 1).Probabilities.Clone();
        for (int i = 0; i < p.GetLength(0); i++)
        {
            for (int k = 0; k < 7; k++)
            {
                p[i, k] = fault switch
                {
                    "nan" => i == 17 ? float.NaN : p[i, k],
                    "infinite" => i == 17 && k == 3 ? float.PositiveInfinity : p[i, k],
                    "logits" => 4 * p[i, k] - 1,
                    "sigmoid" => (1 + p[i, k]) / 2,
                    "uniform" => 1 / 7f,
                    "constant" => k == 2 ? 0.4f : 0.1f,
                    _ => p[i, k] > 0.5f ? 1 : 0,
                };
            }
        }
        var finding = ProbabilityHealth.Check(p);
        Assert.Equal(severity, finding.Severity);
        Assert.Contains(says, finding.Message, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Cure);
    }

    [Theory]
    [MemberData(nameof(Studies.CleanShapes), MemberType = typeof(Studies))]
    public void Check_TwentyCleanStudies_RaisesNothing(int images, int classes) =>
        Assert.DoesNotContain(Studies.TwentyClean(images, classes).Select(p => ProbabilityHealth.Check(p.Probabilities)),
            f => f.IsAlarm);
}
