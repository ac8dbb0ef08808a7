using Understudy.Evaluation.Fidelity;

namespace Understudy.Tests.Evaluation.Fidelity;

public sealed class DiversityTests
{
    [Fact]
    public void Vendi_CopiesOfOneImage_IsOne() =>
        Assert.Equal(1, VendiScore.Of(Draws.Of(3, 1, 2, 3, 1, 2, 3, 2, 4, 6, 1, 2, 3)), 1e-9);

    [Fact]
    public void Vendi_OrthogonalImages_IsTheirNumber() =>
        Assert.Equal(3, VendiScore.Of(Draws.Of(3, 1, 0, 0, 0, 5, 0, 0, 0, -2)), 1e-9);

    [Fact]
    public void Vendi_TheOracleSets_IsNumpysValue()
    {
        Assert.Equal(FidelityOracle.Number("vendi_real"), VendiScore.Of(FidelityOracle.Real), 1e-9);
        Assert.Equal(FidelityOracle.Number("vendi_synthetic"), VendiScore.Of(FidelityOracle.Synthetic), 1e-9);
        Assert.Equal(FidelityOracle.Number("vendi_first_four"), VendiScore.Of(Draws.Select(FidelityOracle.Real, ..4)), 1e-9);
    }

    [Fact]
    public void Vendi_NoDirection_NamesTheImage() =>
        Assert.StartsWith("image 1 has only zeros",
            Assert.Throws<ArgumentException>(() => VendiScore.Of(Draws.Of(2, 1, 0, 0, 0))).Message, StringComparison.Ordinal);

    [Fact]
    public void InceptionStyle_OneHotUniform_IsTheNumberOfClasses()
    {
        var p = new float[70, 7];
        for (int i = 0; i < 70; i++) p[i, i % 7] = 1;
        Assert.Equal(7, InceptionStyleScore.Of(p), 1e-6);
    }

    [Fact]
    public void InceptionStyle_TheSameAnswerAlways_IsOne()
    {
        var p = new float[70, 7];
        for (int i = 0; i < 70; i++) (p[i, 0], p[i, 3]) = (0.75f, 0.25f);
        Assert.Equal(1, InceptionStyleScore.Of(p), 1e-9);
    }

    [Fact]
    public void InceptionStyle_HandWorkedMixture_IsItsValue()
    {
        // p(y) = (.5, .5); each row's KL is .9 ln 1.8 + .1 ln .2.
        Assert.Equal(Math.Exp(0.9 * Math.Log(1.8) + 0.1 * Math.Log(0.2)),
            InceptionStyleScore.Of(new[,] { { 0.9f, 0.1f }, { 0.1f, 0.9f } }), 1e-6);
    }

    [Fact]
    public void InceptionStyle_NoDistribution_NamesTheImage() =>
        Assert.StartsWith("the probabilities of image 1 sum to",
            Assert.Throws<ArgumentException>(() => InceptionStyleScore.Of(new[,] { { 1f, 0f }, { 0.7f, 0.7f } })).Message,
                StringComparison.Ordinal);
}
