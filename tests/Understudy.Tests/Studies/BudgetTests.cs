using Understudy.Common;
using Understudy.Studies;

namespace Understudy.Tests.Studies;

public sealed class BudgetTests
{
    private static readonly Study Toy = StudyFile.Read(null, null, ["generators.g24.kimg=100", "classifiers.screening.epochs=8"]);

    [Fact]
    public void Fit_ClassifiersThatTakeLittle_KeepTheirEpochsAndLeaveTheRestToTheGenerator()
    {
        // 100 minutes: 5400 s planned, 400 fixed, 1000 for classifiers; 4000 s left, 1000 s for 100 kimg.
        var budget = Budget.Fit(Toy, 100, 1, OneByOne(400, 1000, 1000));

        Assert.Equal((400, 8), (budget.Kimg["g24"], budget.Epochs["screening"]));
    }

    [Fact]
    public void Fit_ClassifiersThatTakeMuch_GetFortyPercent()
    {
        // 5000 s for all training, 2000 of them for classifiers that would take 4000; the generator has 3000 s.
        var budget = Budget.Fit(Toy, 100, 1, OneByOne(400, 1000, 4000));

        Assert.Equal((300, 4), (budget.Kimg["g24"], budget.Epochs["screening"]));
    }

    [Fact]
    public void Fit_GeneratorBesideClassifiers_MayTakeTheWholeTime()
    {
        // 90 minutes planned: a generator of 1000 s for 100 kimg runs beside 2000 s of classifiers, so that 5400 s fit 540 kimg.
        var budget = Budget.Fit(Toy, 100, 1, (kimg, epochs) => Math.Max(1000 * kimg, 2000 * epochs));

        Assert.Equal((540, 8), (budget.Kimg["g24"], budget.Epochs["screening"]));
    }

    [Fact]
    public void Apply_Budget_ChangesKimgAndEpochsAlone()
    {
        var study = new Budget(1, 1, new Dictionary<string, double> { ["g24"] = 7 },
            new Dictionary<string, int> { ["screening"] = 2 }).Apply(Toy);

        Assert.Equal(Toy.Generators[0].Options with { Kimg = 7 }, study.Generators[0].Options);
        Assert.Equal(Toy.Classifiers[0].Options with { Epochs = 2 }, study.Classifiers[0].Options);
    }

    [Fact]
    public void Fit_TooShort_SaysWhatTheRestTakes() => Assert.Equal(
        "--minutes 1: reading, testing and reporting alone take about 2:00 min here; give more",
        Assert.Throws<OptionException>(() => Budget.Fit(Toy, 1, 1, OneByOne(120, 10, 10))).Message);

    /// <summary>Stages one after another: fixed parts, generators, classifiers.</summary>
    private static Func<double, double, double> OneByOne(double rest, double generators, double classifiers) =>
        (kimg, epochs) => rest + kimg * generators + epochs * classifiers;

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-5)]
    public void Fit_NoTime_IsOutOfRange(double minutes) =>
        Assert.StartsWith("--minutes: ",
            Assert.Throws<OptionException>(() => Budget.Fit(Toy, minutes, 1, OneByOne(0, 1, 1))).Message,
                StringComparison.Ordinal);
}
