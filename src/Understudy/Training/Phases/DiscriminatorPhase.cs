using Understudy.Training.Losses;
using static TorchSharp.torch;

namespace Understudy.Training.Phases;

/// <summary>softplus(D(G(z, c), c)) + softplus(−D(x, c)), fakes and reals as two batches; only the discriminator learns.</summary>
internal sealed class DiscriminatorPhase(GanContext gan)
{
    /// <summary>The two losses, the share of reals that are sure minus those that are not (mean sign), and the gradient's norm.</summary>
    public (double Fake, double Real, double RealSign, double Norm) Run(GanStep at)
    {
        using var scope = NewDisposeScope();
        var n = gan.Networks;
        n.DiscriminatorAdam.ZeroGradient();
        var (fakes, c) = Fakes(at.Step);
        var fakeLogits = n.Discriminator.call(gan.Augmenter.Apply(fakes, at.AugmentP, "gan/augment/fake", at.Step), c);
        var fakeLoss = GanLosses.DiscriminatorFake(fakeLogits);
        fakeLoss.backward();

        var (reals, labels) = gan.Reals.At(at.Step);
        var realC = gan.Conditioning.Encode(labels);
        var (realLogits, realClasses) = n.Discriminator.Judge(gan.Augmenter.Apply(reals, at.AugmentP, "gan/augment/real", at.Step), realC);
        var realLoss = GanLosses.DiscriminatorReal(realLogits);
        ClassLoss.AddTo(realLoss, realClasses, realC, gan, "loss/discriminator_class").backward();

        var norm = n.DiscriminatorWeights.CleanGradient();
        n.DiscriminatorAdam.Step();
        gan.Seen("sign/fake", fakeLogits.detach().sign().mean());
        var realSign = gan.Seen("sign/real", realLogits.detach().sign().mean());
        return (gan.Seen("loss/discriminator_fake", fakeLoss), gan.Seen("loss/discriminator_real", realLoss), realSign, norm);
    }

    private (Tensor Images, Tensor? C) Fakes(long step)
    {
        using var off = no_grad();
        return gan.Fakes.Make("d", step, gan.Options.Batch, track: false);
    }
}
