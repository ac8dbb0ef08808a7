using Understudy.Networks.StyleGan2;
using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>softplus(−D(G(z, c), c)), or of pairs softplus(D(x, c) − D(G(z, c), c)); only the generator learns.</summary>
internal sealed class GeneratorPhase(GanContext gan)
{
    /// <summary>The loss, and the gradient's norm.</summary>
    public (double Loss, double Norm) Run(GanStep at)
    {
        using var scope = NewDisposeScope();
        var n = gan.Networks;
        n.DiscriminatorWeights.RequireGradients(false);
        n.GeneratorAdam.ZeroGradient();
        var (fakes, c) = gan.Fakes.Make("g", at.Step, gan.FakeLabels("g", at), track: true);
        var fake = gan.Discriminate(fakes, c, "g", at);
        var loss = Objective.Generator(fake, gan.Objective.Pairs ? Real(c, at) : null, at.ConditionWeight);
        // What it is not told yet it need not obey.
        var classWeight = gan.Options.ClassWeightOnFakes * at.ConditionWeight;
        ClassLoss.AddTo(loss, fake.Classes, c, gan, classWeight, "loss/generator_class").backward();
        n.DiscriminatorWeights.RequireGradients(true);
        var norm = n.GeneratorWeights.CleanGradient();
        n.GeneratorAdam.Step();
        return (gan.Seen("loss/generator", loss), norm);
    }

    private DiscriminatorOutput Real(Tensor? c, GanStep at)
    {
        using var off = no_grad();
        return gan.Discriminate(gan.Reals.At(at.Step).Images, c, "g-real", at);
    }
}
