using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>softplus(−D(G(z, c), c)); only the generator learns.</summary>
internal sealed class GeneratorPhase(GanContext gan)
{
    /// <summary>The loss, and the gradient's norm.</summary>
    public (double Loss, double Norm) Run(GanStep at)
    {
        using var scope = NewDisposeScope();
        var n = gan.Networks;
        n.DiscriminatorWeights.RequireGradients(false);
        n.GeneratorAdam.ZeroGradient();
        var (fakes, c) = gan.Fakes.Make("g", at.Step, gan.Options.Batch, track: true);
        var (logits, classes) = n.Discriminator.Judge(gan.Augmenter.Apply(fakes, at.AugmentP, "gan/augment/g", at.Step), c);
        var loss = GanLosses.GeneratorMain(logits);
        ClassLoss.AddTo(loss, classes, c, gan, "loss/generator_class").backward();
        n.DiscriminatorWeights.RequireGradients(true);
        var norm = n.GeneratorWeights.CleanGradient();
        n.GeneratorAdam.Step();
        return (gan.Seen("loss/generator", loss), norm);
    }
}
